import { nodeJest } from '../../jest.node.mjs';

// Real servers on a machine that does other things too.
export default { ...nodeJest('embedded-stores'), testTimeout: 60_000 };
