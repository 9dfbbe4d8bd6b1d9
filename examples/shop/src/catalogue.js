/** Products by id; prices in cents. */
export const products = new Map([
  ['mug', { title: 'Mug', price: 1200 }],
  ['shirt', { title: 'Shirt', price: 2500 }],
  ['bag', { title: 'Bag', price: 1850 }],
]);
