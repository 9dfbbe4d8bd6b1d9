import { closest } from './closest.js';

it.each([
  ['timout', ['timeout', 'retry'], 'timeout'],
  ['Timeout', ['timeout'], 'timeout'],
  ['tiemout', ['timeout'], 'timeout'],
  ['on_error', ['onError', 'name'], 'onError'],
  ['x', ['timeout'], undefined],
  ['abc', ['xyz'], undefined],
  ['ab', ['a', 'abc'], 'a'],
  ['', ['timeout'], undefined],
  ['timeout', [], undefined],
])('of %j among %j it is %j', (given, known, expected) => {
  expect(closest(given, known)).toBe(expected);
});
