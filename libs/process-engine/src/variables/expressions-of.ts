import type { Expression, Template } from './template.js';

/** Every expression in a template, in the order of its text. */
export function expressionsOf(template: Template): readonly Expression[] {
  switch (template.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [template.expression];
    case 'text':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
    case 'list':
      return template.items.flatMap(expressionsOf);
    case 'map':
      return template.entries.flatMap(([, item]) => expressionsOf(item));
  }
}
