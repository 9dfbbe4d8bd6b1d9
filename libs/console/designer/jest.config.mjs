import { browserJest } from '../../../jest.browser.mjs';

export default browserJest('console-designer', '../../..');
