import { describe, expect, it } from '@jest/globals';
import { importLegacy } from './import.js';
import { argumentOf, PLUGIN, problemsOf, single, variable, WITH_PLUGIN } from './testing/definitions.js';

const VARIABLES = [
  variable('x', 'int', '5'),
  variable('y', 'float', '2.5'),
  variable('s', 'str', 'text'),
  variable('flag', 'bool', 'true'),
  variable('items', 'list', '[1, 2]'),
  variable('any', 'None'),
  variable('数量', 'int', 1),
  variable('in', 'int', 1),
];

describe('arguments of the older format', () => {
  it.each([
    ['${x}', '${{ vars.x }}', 'a variable alone keeps its type'],
    [' ${ s } ', '${{ vars.s }}', 'also with spaces'],
    ['${x}+1', '${{ vars.x + 1 }}', ''],
    ['1+${x}', '${{ 1 + vars.x }}', ''],
    ['${x}-1', '${{ vars.x - 1 }}', ''],
    ['10-${x}', '${{ 10 - vars.x }}', ''],
    ['${x}*2', '${{ vars.x * 2 }}', ''],
    ['${x}/2', '${{ vars.x / 2 }}', ''],
    ['${x} + 1', '${{ vars.x + 1 }}', 'spaces do no harm'],
    ['${x}+1+2', '${{ vars.x + 1 + 2 }}', 'several operands'],
    ['${x}+${y}', '${{ vars.x + vars.y }}', 'several variables'],
    ['${x}*${x}', '${{ vars.x * vars.x }}', 'the same variable twice'],
    ['(${x}+1)*-2', '${{ (vars.x + 1) * -2 }}', 'brackets and signs'],
    ['${y}*1.50', '${{ vars.y * 1.5 }}', 'fractions'],
    ['-${x}', '${{ -vars.x }}', ''],
    ['${any}+1', '${{ vars.any + 1 }}', 'an undeclared type is a number beside numbers'],
    ['${数量}+1', "${{ vars['数量'] + 1 }}", 'names of any alphabet'],
    ['${in}', "${{ vars['in'] }}", "CEL's own words"],
  ])('reads %s as %s %s', (text, expected) => expect(argumentOf(text, VARIABLES)).toBe(expected));

  it.each([
    ['${s}+_end', '${{ vars.s }}_end'],
    ['_pre+${s}', '_pre${{ vars.s }}'],
    ['${s} + _end', '${{ vars.s }}_end'],
    ['${s}+${x}', '${{ vars.s }}${{ vars.x }}'],
    ['${s}+1', '${{ vars.s }}1'],
    ['${x}+_end', '${{ vars.x }}_end'],
    ['a+b+${s}', 'a+b${{ vars.s }}'],
    ['${s}+-+${s}', '${{ vars.s }}-${{ vars.s }}'],
    ['${flag}+_on', '${{ vars.flag }}_on'],
    ['${any}+_end', '${{ vars.any }}_end'],
  ])('puts %s together as %s', (text, expected) => expect(argumentOf(text, VARIABLES)).toBe(expected));

  it.each([
    ['abc${x}', 'abc${{ vars.x }}'],
    ['http://host/${s}', 'http://host/${{ vars.s }}'],
    ['http://host/${x}?a=1+2', 'http://host/${{ vars.x }}?a=1+2'],
    ['${s}-1', '${{ vars.s }}-1'],
    ['+${s}', '+${{ vars.s }}'],
    ['${s}+', '${{ vars.s }}+'],
    ['${x} ${y}', '${{ vars.x }} ${{ vars.y }}'],
    ['${x} of (${y}', '${{ vars.x }} of (${{ vars.y }}'],
    ['costs $${x}', "costs ${{ '$' }}${{ vars.x }}"],
  ])('splices values into %s as %s', (text, expected) => expect(argumentOf(text, VARIABLES)).toBe(expected));

  it.each([
    ['1+2', '1+2'],
    ['$x ${', '$x ${'],
    ['a ${{ b }} c', 'a $${{ b }} c'],
    [42, 42],
    [true, true],
    [null, null],
  ])('leaves %j alone', (value, expected) => expect(argumentOf(value, VARIABLES)).toEqual(expected));

  it('finds names at any depth', () => {
    const argument = { list: ['${x}+1', { deep: '${s}' }], plain: [1, null] };
    expect(argumentOf(argument, VARIABLES)).toEqual({ list: ['${{ vars.x + 1 }}', { deep: '${{ vars.s }}' }], plain: [1, null] });
  });

  it('names every variable that nothing declares, with its place', () => {
    const method_kwargs = { a: '${x}+${gone}', b: ['${lost}', '${lost} and ${gone}'] };
    expect(problemsOf(importLegacy(single({ ...PLUGIN, method_kwargs }, VARIABLES), WITH_PLUGIN))).toEqual([
      'error legacy.unknown-variable task_nodes[1].method_kwargs.a',
      'error legacy.unknown-variable task_nodes[1].method_kwargs.b[0]',
      'error legacy.unknown-variable task_nodes[1].method_kwargs.b[1]',
      'error legacy.unknown-variable task_nodes[1].method_kwargs.b[1]',
    ]);
  });

  it('says what is calculated and what is put together', () => {
    const { converted } = importLegacy(
      single({ ...PLUGIN, method_kwargs: { a: '${x}+1', b: '${s}+_end', c: '${s}' } }, VARIABLES),
      WITH_PLUGIN,
    );
    expect(converted).toEqual([
      'The start node `start` is left out: the flow begins at `t`.',
      '`${x}+1` is calculated: `${{ vars.x + 1 }}` (task_nodes[1].method_kwargs.a).',
      '`${s}+_end` is put together: `${{ vars.s }}_end` (task_nodes[1].method_kwargs.b).',
    ]);
  });
});
