import type { Page } from 'playwright-core';

/** Counts the frames that the page draws until it is asked. */
const COUNT_FRAMES = `globalThis.frames = [];
  const count = (at) => { globalThis.frames.push(at); globalThis.counting = requestAnimationFrame(count); };
  globalThis.counting = requestAnimationFrame(count);`;
const FRAMES = `cancelAnimationFrame(globalThis.counting), (globalThis.frames.length - 1) * 1000 / (globalThis.frames.at(-1) - globalThis.frames[0])`;

/** Frames a second that the page draws while something is done to it. */
export const framesDuring = async (page: Page, deed: () => Promise<unknown>): Promise<number> => {
  await page.evaluate(COUNT_FRAMES);
  await deed();
  return Math.round(await page.evaluate<number>(FRAMES));
};
