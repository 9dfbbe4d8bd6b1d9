import { nodeJest } from '../../jest.node.mjs';

// Real servers on a machine that does other things too.
export default { ...nodeJest('messaging'), testTimeout: 60_000 };
