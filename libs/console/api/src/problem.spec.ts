import { ApiProblem, toProblem } from './problem.js';

describe('a problem', () => {
  const details = { type: 'about:blank', title: 'Not Found', status: 404, code: 'instance.not-found', detail: 'There is no run 1.' };

  it('says what the server said', () => {
    const problem = new ApiProblem(details);
    expect([problem.status, problem.code, problem.message]).toEqual([404, 'instance.not-found', 'There is no run 1.']);
    expect(toProblem(problem)).toBe(problem);
  });

  it('without an answer has the status 0', () => {
    expect(toProblem(new TypeError('Failed to fetch'))).toMatchObject({
      status: 0,
      code: 'console.unreachable',
      message: 'Failed to fetch',
    });
  });
});
