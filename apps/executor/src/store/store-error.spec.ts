import { StoreError, troubleOf } from './store-error.js';

describe('an error of the store', () => {
  it.each([
    [{ code: '40P01', message: 'deadlock detected' }, 'repeat'],
    [{ code: '55P03', message: 'lock timeout' }, 'repeat'],
    [{ code: '57014', message: 'statement timeout' }, 'repeat'],
    [{ code: '22P05', message: 'unsupported Unicode escape sequence' }, 'data'],
    [{ code: '54001', message: 'stack depth limit exceeded' }, 'data'],
    [{ code: '57P01', message: 'terminating connection' }, 'away'],
    [{ code: '42P01', message: 'no such table' }, 'away'],
    [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }, 'away'],
    [{ message: 'Connection terminated unexpectedly' }, 'away'],
    [{ message: 'Query read timeout' }, 'away'],
    [{ code: 'ERR_OUT_OF_RANGE', message: 'The value of "value" is out of range' }, 'data'],
    [new TypeError('not a UUID'), 'data'],
    [new StoreError('repeat', 'Postgres answered ROLLBACK to a COMMIT'), 'repeat'],
    ['a text', 'data'],
  ])('%j is sorted as %s', (error, trouble) => {
    expect(troubleOf(error)).toBe(trouble);
  });
});
