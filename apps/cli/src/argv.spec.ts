import { readableArguments } from './argv.js';

const known = {
  commands: [['start-process'], ['stop-process'], ['standalone'], ['run'], ['run-grpc'], ['runserver', 'run-server'], ['get', 'list']],
  valueOptions: ['--url', '-o'],
  untouched: ['standalone'],
};
const readable = (...argv: string[]) => readableArguments(argv, known);

describe('the pass over argv', () => {
  it.each([
    ['-p_id', '--process-id'],
    ['-ps_id', '--process-instance-id'],
    ['-id', '--process-table-id'],
  ])("turns the original's %s into %s", (original, long) => {
    expect(readable('start-process', original, 'x')).toEqual(['start-process', long, 'x']);
    expect(readable('start-process', `${original}=x`)).toEqual(['start-process', `${long}=x`]);
  });

  it('reads long options written with underscores, and leaves their values alone', () => {
    expect(readable('start-process', '--process_id', 'my_id', '--run_type=a_b')).toEqual([
      'start-process',
      '--process-id',
      'my_id',
      '--run-type=a_b',
    ]);
  });

  it('completes a unique prefix of a command', () => {
    expect(readable('start', '--dry')).toEqual(['start-process', '--dry']);
    expect(readable('run-s')).toEqual(['run-server']);
    expect(readable('li', 'tasks')).toEqual(['list', 'tasks']);
  });

  it('prefers the exact name to longer ones', () => {
    expect(readable('run', 'worker')).toEqual(['run', 'worker']);
  });

  it('refuses a prefix of several commands and names them', () => {
    expect(() => readable('sta')).toThrow('`sta` could be start-process, standalone');
  });

  it('does not take the value of an option before the command for the command', () => {
    expect(readable('--url', 'start', 'stop')).toEqual(['--url', 'start', 'stop-process']);
    expect(readable('-o', 'json', 'get', 'tasks')).toEqual(['-o', 'json', 'get', 'tasks']);
  });

  it('leaves an unknown command to commander, which has the better message', () => {
    expect(readable('frobnicate', '--x')).toEqual(['frobnicate', '--x']);
  });

  it('leaves what belongs to another program, and what stands behind `--`', () => {
    expect(readable('standalone', '--data_dir', '-id')).toEqual(['standalone', '--data_dir', '-id']);
    expect(readable('get', 'tasks', '--', '-id')).toEqual(['get', 'tasks', '--', '-id']);
  });

  it('works without a command', () => {
    expect(readable('--help')).toEqual(['--help']);
    expect(readable()).toEqual([]);
  });
});
