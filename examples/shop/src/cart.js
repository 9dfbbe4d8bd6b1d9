import { products } from './catalogue.js';

/** From this sum on (cents) ten per cent are taken off. */
export const DISCOUNT_FROM = 5000;

/** Price of a cart in cents, discount included. `items` maps a product's id to a number of pieces. */
export function total(items) {
  let sum = 0;
  for (const [id, pieces] of Object.entries(items)) {
    const product = products.get(id);
    if (!product) throw new Error(`there is no product "${id}"`);
    if (!Number.isInteger(pieces) || pieces < 0) throw new Error(`"${pieces}" is not a number of pieces`);
    sum += product.price * pieces;
  }
  return sum >= DISCOUNT_FROM ? Math.round(sum * 0.9) : sum;
}
