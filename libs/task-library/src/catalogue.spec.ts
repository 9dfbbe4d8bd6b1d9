import { standardTaskTypes } from '@orderlines/contracts';
import { taskTypeCatalogue } from './index.js';

describe('the catalogue of standard task types', () => {
  it('is what contracts tells about them (node libs/task-library/tools/write-catalogue.mjs writes it)', () => {
    expect(standardTaskTypes).toEqual(JSON.parse(JSON.stringify(taskTypeCatalogue())));
  });

  it('has no two types of one name', () => {
    const names = taskTypeCatalogue().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
