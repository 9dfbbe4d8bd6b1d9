import type { Principal } from '@orderlines/auth';
import type { Overview, OverviewQuery } from '@orderlines/contracts';
import { readOverview } from '@orderlines/persistence';
import type { Pool } from 'pg';
import { RequestRefused } from '../problems/request-refused.js';

/** Many boards ask for the same numbers: they are counted once in this time. */
const KEPT_MS = 2_000;
const MOST_KEPT = 200;

/** What goes on, in numbers. */
export class Overviews {
  private readonly kept = new Map<string, { readonly at: number; readonly overview: Promise<Overview> }>();

  constructor(private readonly pool: Pool) {}

  get({ step, zone }: OverviewQuery, { rights }: Principal): Promise<Overview> {
    if (!isZone(zone)) throw new RequestRefused('request.invalid', `There is no time zone ${zone}: write one such as Europe/Berlin.`, 400);
    const limits = rights.limits('read', 'Instance');
    const key = JSON.stringify([step, zone, limits]);
    const known = this.kept.get(key);
    if (known && Date.now() - known.at < KEPT_MS) return known.overview;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const overview = readOverview(this.pool, { step, zone, limits });
    this.kept.set(key, { at: Date.now(), overview });
    overview.catch(() => this.kept.delete(key));
    return overview;
  }
}

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};
