import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import type { UserView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { reading } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** The picture of a user; a sign where there is none. */
@Component({
  selector: 'ol-user-picture',
  imports: [NzIconDirective],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[style.--size]': "size() + 'px'" },
  template: `
    @if (picture.value(); as address) {
      <img [src]="address" alt="" [width]="size()" [height]="size()" />
    } @else {
      <nz-icon nzType="user" aria-hidden="true" />
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      align-items: center;
      justify-content: center;
      width: var(--size);
      height: var(--size);
      overflow: hidden;
      border-radius: 50%;
      background: var(--accent-soft);
      color: var(--accent-strong);
      font-size: calc(var(--size) / 2);
    }
    img {
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
  `,
})
export class UserPicture {
  private readonly api = inject(Api);

  readonly user = input.required<UserView>();
  /** Pixels. */
  readonly size = input(24);
  protected readonly picture = reading({
    params: () => {
      const { id, picture } = this.user();
      return picture === null ? undefined : `users/${id}/picture?digest=${picture}`;
    },
    // Pictures want the token: an address alone would be refused.
    loader: async ({ params: path, abortSignal: signal }) => dataAddress(await (await this.api.fetch(path, { signal })).blob()),
  });
}

/** A file as an address that the content security policy lets in. */
export const dataAddress = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(file);
  });
