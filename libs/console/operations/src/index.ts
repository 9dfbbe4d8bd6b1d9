export { routes } from './operations.routes.js';
