export { routes } from './designer.routes.js';
