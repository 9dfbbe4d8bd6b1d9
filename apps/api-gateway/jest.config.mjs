import { nodeJest } from '../../jest.node.mjs';

export default { ...nodeJest('api-gateway'), testTimeout: 60_000 };
