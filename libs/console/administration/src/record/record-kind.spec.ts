import { Injector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { TranslocoTestingModule } from '@jsverse/transloco';
import type { RoleView, SecretView } from '@orderlines/contracts';
import { rolesKind } from '../access/access-kinds.js';
import { secretsKind } from '../system/namespace-kinds.js';

// jsdom has neither; browsers have both.
Object.assign(globalThis, {
  BroadcastChannel: class {
    postMessage(): void {}
  },
});

describe('records', () => {
  beforeEach(() => TestBed.configureTestingModule({ imports: [TranslocoTestingModule.forRoot({ langs: { en: {} } })] }));
  const made = <Kind>(kind: () => Kind): Kind => runInInjectionContext(TestBed.inject(Injector), kind);

  it('of secrets ask for the value anew each time, and never fill it in', () => {
    const kept: SecretView = {
      namespace: 'default',
      name: 'key',
      description: 'of the door',
      reference: null,
      updatedBy: 'ada',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
    const fields = made(secretsKind).fields(kept);
    expect(fields?.map(({ name }) => name)).toEqual(['value', 'reference', 'description']);
    expect(fields?.[0]?.default).toBeUndefined();
  });

  it('of built-in roles can be neither changed nor removed', () => {
    const role: RoleView = { name: 'viewer', description: '', builtIn: true, rules: [], holders: 0 };
    const kind = made(rolesKind);
    expect(kind.fields(role)).toBeNull();
    expect(kind.remove?.isPossible?.(role)).toBe(false);
    expect(kind.fields({ ...role, builtIn: false })?.map(({ name }) => name)).toEqual(['description', 'rules']);
  });
});
