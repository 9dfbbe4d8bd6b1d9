import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { UserAccess, UserAccessBody } from '@orderlines/contracts';
import { Api, Session } from '@orderlines/console/api';
import { PageTitle, reading, TimePipe, Toasts } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { UserTokens } from './user-tokens.js';

type HeldRole = UserAccess['roles'][number];

/** One user: their logins, and what they may do by their roles, groups and department. */
@Component({
  selector: 'ol-user',
  imports: [NzIconDirective, TimePipe, TranslocoPipe, UserTokens],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './user.page.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 16px;
      align-items: start;
    }
    form .select,
    form .input {
      flex: 1;
      width: auto;
      min-width: 120px;
    }
    .tag button {
      padding: 0;
      border: 0;
      background: none;
      color: inherit;
      cursor: pointer;
    }
  `,
})
export class UserPage {
  private readonly api = inject(Api);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);

  /** Of the address. */
  readonly id = input.required<string>();
  private readonly loaded = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET users/:id', { id, signal }),
  });
  private readonly held = reading({
    params: () => this.user()?.userName,
    loader: ({ params: user, abortSignal: signal }) => this.api.call('GET users/:user/access', { user, signal }),
  });
  private readonly roles = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET roles', { signal }) });
  private readonly groups = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET groups', { signal }) });
  private readonly known = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET departments', { signal }) });

  protected readonly user = this.loaded.value;
  protected readonly problem = computed(() => (this.loaded.problem() ?? this.held.problem())?.message ?? '');
  protected readonly access = this.held.value;
  protected readonly mayGrant = computed(() => this.session.may('grant', 'Permission'));
  protected readonly mayWrite = computed(() => this.session.may('write', 'User'));
  protected readonly roleNames = computed(() => (this.roles.value()?.items ?? []).map(({ name }) => name));
  protected readonly otherGroups = computed(() => {
    const member = this.access()?.groups ?? [];
    return (this.groups.value()?.items ?? []).map(({ name }) => name).filter((name) => !member.includes(name));
  });
  protected readonly departments = computed(() => this.known.value()?.items ?? []);

  constructor() {
    effect(() => {
      const user = this.user();
      if (user) this.title.set(user.userName);
    });
  }

  protected addRole({ roles }: UserAccess, role: string, namespace: string): Promise<void> {
    return this.grant({ roles: [...roles, { role, namespace: namespace.trim() || null }] });
  }

  protected dropRole({ roles }: UserAccess, dropped: HeldRole): Promise<void> {
    return this.grant({ roles: roles.filter((role) => role !== dropped) });
  }

  protected addGroup({ groups }: UserAccess, group: string): Promise<void> {
    return this.grant({ groups: [...groups, group] });
  }

  protected dropGroup({ groups }: UserAccess, dropped: string): Promise<void> {
    return this.grant({ groups: groups.filter((group) => group !== dropped) });
  }

  protected move(departmentId: string): Promise<void> {
    return this.grant({ departmentId: departmentId || null });
  }

  protected endSessions(): Promise<void> {
    return this.change(() => this.api.call('DELETE users/:id/sessions', { id: this.id() }));
  }

  protected removeSecondFactor(): Promise<void> {
    return this.change(() => this.api.call('DELETE users/:id/second-factor', { id: this.id() }));
  }

  private grant(body: UserAccessBody): Promise<void> {
    return this.change(() => this.api.call('PUT users/:user/access', { user: this.user()?.userName ?? '', body }));
  }

  private async change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.toasts.done('records.saved');
    } catch (error) {
      this.toasts.problem(error);
    }
    this.loaded.reload();
    this.held.reload();
  }
}
