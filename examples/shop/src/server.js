import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { products } from './catalogue.js';
import { total } from './cart.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

/** The shop's pages. */
export const shop = createServer((request, response) => {
  const url = new URL(request.url, 'http://shop');
  if (url.pathname === '/health') return json(response, 200, { ready: true, version: `v${version}` });
  if (url.pathname === '/products') return json(response, 200, Object.fromEntries(products));
  if (url.pathname === '/total') {
    try {
      return json(response, 200, { total: total(Object.fromEntries([...url.searchParams].map(([id, pieces]) => [id, Number(pieces)]))) });
    } catch (error) {
      return json(response, 400, { error: error.message });
    }
  }
  json(response, 404, { error: 'no such page' });
});

if (import.meta.filename === process.argv[1]) {
  shop.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.stdout.write(`${shop.address().port}\n`));
}
