import { problemsOfFlow } from '../testing/definitions.js';
import type { TaskTypeCatalogue, TaskTypeDescription } from '../task-types.js';

const taskTypes: TaskTypeCatalogue = new Map<string, TaskTypeDescription>([
  [
    'shell',
    {
      inputs: {
        type: 'object',
        required: ['command'],
        additionalProperties: false,
        properties: {
          command: { type: 'string', minLength: 1 },
          cwd: { type: 'string' },
          env: { type: 'object', additionalProperties: { type: 'string' } },
          mode: { enum: ['fast', 'slow'] },
          lines: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
          files: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  ],
  ['log', { inputs: { type: 'object', required: ['message'], properties: { message: {} } } }],
  ['log@2', { inputs: { type: 'object' } }],
]);
const problems = (flow: string) => problemsOfFlow(`  - ${flow}`, '', { taskTypes });

it.each([
  [
    '{ id: a, uses: shel, with: { command: x } }',
    'definition.unknown-task-type flow[0].uses: there is no task type `shel`; did you mean `shell`?',
  ],
  ['{ id: a, uses: zzzzz }', 'definition.unknown-task-type flow[0].uses: there is no task type `zzzzz`'],
  [
    '{ id: a, uses: shell@9, with: { command: x } }',
    'definition.unknown-task-type flow[0].uses: there is no version `9` of the task type `shell`',
  ],
  ['{ id: a, uses: shell }', 'definition.missing-input flow[0]: `shell` needs `command` in `with`'],
  ['{ id: a, uses: shell, with: {} }', 'definition.missing-input flow[0].with: `shell` needs `command` in `with`'],
  [
    '{ id: a, uses: shell, with: { comand: x, command: y } }',
    'definition.unknown-input flow[0].with.comand: `shell` has no input `comand`; did you mean `command`?',
  ],
  [
    '{ id: a, uses: shell, with: { command: 5 } }',
    'definition.invalid-input flow[0].with.command: `command` of `shell`: a text is needed; quote it: "5"',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, env: { A: 1.10 } } }',
    'definition.invalid-input flow[0].with.env.A: `A` of `shell`: a text is needed; quote it: "1.10"',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, env: [a] } }',
    'definition.invalid-input flow[0].with.env: `env` of `shell`: object is needed, not a list',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, mode: slwo } }',
    'definition.invalid-input flow[0].with.mode: `mode` of `shell`: instance does not match any of ["fast","slow"].',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, lines: many } }',
    'definition.invalid-input flow[0].with.lines: `lines` of `shell`: instance does not match any subschemas.',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, files: [a, 2] } }',
    'definition.invalid-input flow[0].with.files[1]: `1` of `shell`: a text is needed; quote it: "2"',
  ],
  [
    '{ id: a, uses: shell, with: { command: x, lines: "n ${{ vars.count }}", files: "f ${{ vars.count }}" } }',
    'definition.invalid-input flow[0].with.files: `files` of `shell`: array is needed, not a text',
  ],
  ['{ id: a, uses: shell, with: { command: "" } }', /^definition.invalid-input flow\[0\].with.command: `command` of `shell`: /],
  [
    '{ id: a, uses: log, with: { message: x }, callbacks: [{ states: [SUCCESS], uses: log }] }',
    'definition.missing-input flow[0].callbacks[0]: `log` needs `message` in `with`',
  ],
])('%s', (flow, problem) => {
  expect(problems(flow)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
});

it.each([
  '{ id: a, uses: shell, with: { command: x, cwd: y, env: { A: "1" }, mode: fast, lines: 3, files: [] } }',
  '{ id: a, uses: shell, with: { command: x, env: "${{ vars.tags }}", mode: "${{ params.version }}", lines: "${{ vars.count }}", files: ["${{ vars.count }}"] } }',
  '{ id: a, uses: shell, with: { command: x, env: { A: "${{ vars.count }}", B: "b ${{ vars.count }}" }, mode: "f${{ vars.count }}" } }',
  '{ id: a, uses: log@2 }',
])('%s is fine', (flow) => {
  expect(problems(flow)).toEqual([]);
});

it('without a catalogue task types are not looked at', () => {
  expect(problemsOfFlow('  - { id: a, uses: whatever, with: { x: 1 } }')).toEqual([]);
});
