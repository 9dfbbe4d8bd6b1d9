// node tools/new-project.mjs <apps|libs> <name> <tag,tag>: lays out a project; its targets come from targetDefaults in nx.json.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const [kind, name, tags] = process.argv.slice(2);
if (!['apps', 'libs'].includes(kind) || !name || !tags) {
  console.error('usage: node tools/new-project.mjs <apps|libs> <name> <tag,tag>');
  process.exit(2);
}
const root = `${kind}/${name}`;
mkdirSync(`${root}/src`, { recursive: true });
const write = (file, text) => existsSync(`${root}/${file}`) || writeFileSync(`${root}/${file}`, text);
const project = {
  $schema: '../../node_modules/nx/schemas/project-schema.json',
  name,
  projectType: kind === 'apps' ? 'application' : 'library',
  sourceRoot: `${root}/src`,
  tags: tags.split(','),
  targets: { ...(kind === 'apps' ? { build: {} } : {}), typecheck: {}, test: {}, lint: {} },
};
write('project.json', `${JSON.stringify(project, null, 2)}\n`);
write('tsconfig.json', `${JSON.stringify({ extends: '../../tsconfig.base.json', include: ['src'] }, null, 2)}\n`);
write('jest.config.mjs', `import { nodeJest } from '../../jest.node.mjs';\n\nexport default nodeJest('${name}');\n`);
