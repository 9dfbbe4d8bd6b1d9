import { taskTypesByUses } from './task-type-names.js';

describe('what `uses` says of a task type', () => {
  const types = ['1.10.0', '1.9.0', '1.2.30'].map((version) => ({ name: 'shell', version }));
  const found = taskTypesByUses(types, (type) => type);

  it('is the newest version for a bare name, by number and not by letter', () => {
    expect(found.get('shell')).toEqual({ name: 'shell', version: '1.10.0' });
  });

  it('is the very version that is named, and nothing for one that is not there', () => {
    expect(found.get('shell@1.9.0')).toEqual({ name: 'shell', version: '1.9.0' });
    expect(found.get('shell@2.0.0')).toBeUndefined();
  });
});
