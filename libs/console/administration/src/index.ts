export { routes } from './administration.routes.js';
