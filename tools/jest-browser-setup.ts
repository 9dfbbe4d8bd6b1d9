import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless';

// jsdom has none of these, and components touch them.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): [] {
    return [];
  }
}
Object.assign(globalThis, { ResizeObserver: Observer, IntersectionObserver: Observer });
window.matchMedia ??= ((media: string) => ({ matches: false, media, addEventListener() {}, removeEventListener() {} })) as never;
Element.prototype.scrollIntoView ??= () => undefined;

setupZonelessTestEnv({ errorOnUnknownElements: true, errorOnUnknownProperties: true });
