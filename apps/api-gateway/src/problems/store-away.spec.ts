import { isStoreAway } from './store-away.js';

describe('errors that pass when the database is back', () => {
  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['all addresses refused', new AggregateError([Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })])],
    ['a server that shuts down', Object.assign(new Error('terminating'), { code: '57P01' })],
    [
      'a lock that took too long, inside an error of the data source',
      Object.assign(new Error('query'), { driverError: { code: '55P03' } }),
    ],
    ['a deadlock that this one gave way in', Object.assign(new Error('query'), { driverError: { code: '40P01' } })],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a cause', new Error('failed', { cause: new Error('timeout exceeded when trying to connect') })],
  ])('%s', (_what, error) => expect(isStoreAway(error)).toBe(true));

  it.each([
    ['a violated constraint', Object.assign(new Error('duplicate'), { code: '23505' })],
    ['a mistake of ours', new TypeError('x is not a function')],
    ['nothing', undefined],
    ['a text', 'ECONNREFUSED'],
  ])('%s is none', (_what, error) => expect(isStoreAway(error)).toBe(false));
});
