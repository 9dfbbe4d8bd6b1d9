export * from './variables/template.js';
export * from './definition/compiled.js';
export * from './run/event.js';
export * from './run/changes.js';
export * from './run/context.js';
export * from './run/state.js';
export * from './run/advance.js';
export * from './definition/document.js';
