// node tools/new-project.mjs <apps|libs> <name> <layer:x,runs:y>: lays out a project's four settings files.
import { mkdirSync, writeFileSync, existsSync } from 'node:fs';

const [kind, name, tags] = process.argv.slice(2);
if (!['apps', 'libs'].includes(kind) || !name || !tags) {
  console.error('usage: node tools/new-project.mjs <apps|libs> <name> <tag,tag>');
  process.exit(2);
}
const root = `${kind}/${name}`;
mkdirSync(`${root}/src`, { recursive: true });
const run = (command, more = {}) => ({ executor: 'nx:run-commands', options: { command, ...more } });
const targets = {
  ...(kind === 'apps'
    ? { build: { ...run(`node tools/build-service.mjs ${name}`), outputs: [`{workspaceRoot}/dist/apps/${name}`] } }
    : {}),
  typecheck: run('tsc --noEmit -p {projectRoot}/tsconfig.json'),
  test: run('jest', { cwd: '{projectRoot}', env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' } }),
  lint: run('eslint --max-warnings 0 {projectRoot}'),
};
const write = (file, text) => existsSync(`${root}/${file}`) || writeFileSync(`${root}/${file}`, text);
write(
  'project.json',
  JSON.stringify(
    {
      $schema: '../../node_modules/nx/schemas/project-schema.json',
      name,
      projectType: kind === 'apps' ? 'application' : 'library',
      sourceRoot: `${root}/src`,
      tags: tags.split(','),
      targets,
    },
    null,
    2,
  ) + '\n',
);
write('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.base.json', include: ['src'] }, null, 2) + '\n');
write('jest.config.mjs', `import { nodeJest } from '../../jest.node.mjs';\n\nexport default nodeJest('${name}');\n`);
