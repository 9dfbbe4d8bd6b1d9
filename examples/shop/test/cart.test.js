import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('an empty cart costs nothing', () => assert.equal(total({}), 0));
test('pieces are multiplied by their price', () => assert.equal(total({ mug: 2, bag: 1 }), 4250));
test('ten per cent are taken off a large cart', () => assert.equal(total({ shirt: 2 }), 4500));
test('an unknown product is refused by name', () => assert.throws(() => total({ car: 1 }), /no product "car"/));
test('half a piece is refused', () => assert.throws(() => total({ mug: 0.5 }), /not a number of pieces/));
