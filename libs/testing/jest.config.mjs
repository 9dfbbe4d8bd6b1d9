import { nodeJest } from '../../jest.node.mjs';

// Real servers on a machine that does other things too.
export default { ...nodeJest('testing'), testTimeout: 60_000 };
