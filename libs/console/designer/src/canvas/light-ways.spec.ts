import { lightWay } from './light-ways.js';

describe('a light arrow', () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 50 });

  it('leads down in the middle between both ends', () => {
    expect(lightWay({ source: box(0, 0), at: 50, target: box(200, 150) })).toMatch(/^M50 50V100H250V150m/);
  });

  it('leads around the side to what stands above', () => {
    expect(lightWay({ source: box(0, 200), at: 25, target: box(0, 0) })).toMatch(/^M25 250V268H118V-18H50V0m/);
  });
});
