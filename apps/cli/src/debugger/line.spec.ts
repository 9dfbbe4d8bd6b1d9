import { readDebuggerLine } from './line.js';

const TASK = '0199c5c0-5f3e-7d60-9c4e-2f9f7d1f3a55';

describe('a line typed at a stop', () => {
  it.each([
    ['step', { action: 'step' }],
    ['  into ', { action: 'into' }],
    ['1 step', { action: 'step', task: TASK }],
    ['c' + 'on', { action: 'continue' }],
    ['inputs {"a": 1}', { action: 'inputs', input: { a: 1 } }],
    ['mock [1, 2]', { action: 'mock', result: [1, 2] }],
    ['vars n=5 text=hello empty=', { action: 'variables', values: { n: 5, text: 'hello', empty: '' } }],
    ['break a b', { action: 'breakpoints', set: ['a', 'b'], clear: [] }],
    ['clear a', { action: 'breakpoints', set: [], clear: ['a'] }],
    ['stop', { action: 'stop' }],
  ])('%s is an action', (line, action) => {
    expect(readDebuggerLine(line, [TASK])).toEqual({ kind: 'action', action });
  });

  it.each(['quit', 'help', 'show'])('%s is for the debugger itself', (line) => {
    expect(readDebuggerLine(line, [])).toEqual({ kind: line });
  });

  it.each([
    ['', 'is no word'],
    ['fly', 'is no word'],
    ['s', 'could be step, skip, show, stop'],
    ['2 step', 'there is no stop 2'],
    ['inputs {', 'is not JSON'],
    ['inputs 5', 'input'],
  ])('%j is a mistake', (line, message) => {
    expect(readDebuggerLine(line, [TASK])).toEqual({ kind: 'mistake', message: expect.stringContaining(message) });
  });
});
