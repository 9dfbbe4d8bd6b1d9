import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { shop } from '../src/server.js';

let base;
before(async () => {
  await new Promise((resolve) => shop.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${shop.address().port}`;
});
after(() => shop.close());

test('the shop says that it is ready, and which version it is', async () => {
  const body = await (await fetch(`${base}/health`)).json();
  assert.equal(body.ready, true);
  assert.match(body.version, /^v\d+\.\d+\.\d+$/);
});
test('a cart is added up over HTTP', async () => {
  assert.deepEqual(await (await fetch(`${base}/total?mug=1&bag=1`)).json(), { total: 3050 });
});
test('a wrong cart is refused', async () => assert.equal((await fetch(`${base}/total?car=1`)).status, 400));
