import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = globSync(`${root}{apps,libs}/{*,console/*}/project.json`).map((file) => ({
  file,
  ...JSON.parse(readFileSync(file, 'utf8')),
}));

describe('the projects of the workspace', () => {
  it('are found', () => expect(projects.length).toBeGreaterThan(10));

  it.each(projects.map((project) => [project.name, project]))('%s says its layer and where it runs', (_name, project) => {
    expect(project.tags.filter((tag) => tag.startsWith('layer:'))).toHaveLength(1);
    expect(project.tags.filter((tag) => tag.startsWith('runs:'))).toHaveLength(1);
  });

  it.each(projects.map((project) => [project.name, project]))('%s is typechecked, linted and tested', (_name, project) => {
    expect(Object.keys(project.targets)).toEqual(expect.arrayContaining(['typecheck', 'lint', 'test']));
  });
});

describe('package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

  it.each(Object.entries({ ...dependencies, ...devDependencies }))('pins %s exactly', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('keeps addresses of registries out of the lock file', () => {
    expect(readFileSync(`${root}package-lock.json`, 'utf8')).not.toMatch(/"resolved": "https?:/);
  });
});
