import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { LEGACY_YAML, looksLegacy } from './yaml11.js';

describe('YAML as PyYAML read it', () => {
  it.each<[string, unknown]>([
    ['on', true],
    ['Off', false],
    ['yes', true],
    ['NO', false],
    ['True', true],
    ['y', 'y'],
    ['N', 'N'],
    ['010', 8],
    ['0o10', '0o10'],
    ['0x1f', 31],
    ['1_000', 1000],
    ['1:30', 90],
    ['1.5', 1.5],
    ['1e3', '1e3'],
    ['1.0e+3', 1000],
    ['1.0.0.1', '1.0.0.1'],
    ['2023-10-02', '2023-10-02'],
    ['2023-10-02 10:00:00', '2023-10-02 10:00:00'],
    ['~', null],
    ["'on'", 'on'],
  ])('reads %s as %j', (text, value) => expect(parse(`key: ${text}`, LEGACY_YAML)).toEqual({ key: value }));

  it('merges keys', () => {
    const text = 'base: &base { a: 1, b: 2 }\nmore: { <<: *base, b: 3 }';
    expect(parse(text, LEGACY_YAML)).toEqual({ base: { a: 1, b: 2 }, more: { a: 1, b: 3 } });
  });
});

describe('a text of the older format', () => {
  it.each([
    ['process_info:\n  process_id: 1\n', true],
    ['# comment\n---\nvariable: []\ntask_nodes :\n- task_id: 1', true],
    ['"process_info": {}', true],
    ['{"task_nodes": [], "process_info": {}}', true],
    ['{ process_info: { process_name: x }, task_nodes: [] }', true],
    ['\n\n{\n  "node_list": []\n}', true],
    ['apiVersion: orderlines/v1\nkind: Process\n', false],
    ['apiVersion: orderlines/v1\nprocess_info: {}', false],
    ['{"apiVersion": "orderlines/v1", "description": "about process_info: x"}', false],
    ['description: |\n  process_info: is an older key', false],
    ['', false],
    ['# why\n--- # one\n{ task_nodes: [] }', true],
    ['task_nodes:\n- method_kwargs:\n    apiVersion: v1', true],
    ['{"task_nodes": [{"method_kwargs": {"apiVersion": "v1"}}]}', true],
    ['{"flow": [{"with": {"process_info": 1}}]}', false],
  ])('is known before it is read: %j', (text, expected) => expect(looksLegacy(text)).toBe(expected));
});
