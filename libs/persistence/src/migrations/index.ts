import { Init1795370000000 } from './0001-init.js';
import { LargeValues1795380000000 } from './0002-large-values.js';
import { WaitsFor1795390000000 } from './0003-waits-for.js';
import { RoomForUpdates1795391000000 } from './0004-room-for-updates.js';
import { Workers1795400000000 } from './0005-workers.js';
import { ApprovalsAndSignals1795410000000 } from './0006-approvals-and-signals.js';
import { Items1795420000000 } from './0007-items.js';
import { Secrets1795430000000 } from './0008-secrets.js';
import { ChildrenAndSlots1795440000000 } from './0009-children-and-slots.js';
import { Reruns1795450000000 } from './0010-reruns.js';
import { AuditTrail1795460000000 } from './0011-audit-trail.js';
import { Schedules1795470000000 } from './0012-schedules.js';
import { Rights1795480000000 } from './0013-rights.js';
import { Alarms1795490000000 } from './0014-alarms.js';
import { ApiLogAndVariables1795510000000 } from './0016-api-log-and-variables.js';
import { Queues1795530000000 } from './0018-queues.js';
import { Logins1795540000000 } from './0019-logins.js';
import { Triggers1795550000000 } from './0020-triggers.js';
import { ServiceHosts1795560000000 } from './0021-service-hosts.js';
import { UnannouncedSince1795570000000 } from './0022-unannounced-since.js';

/** In the order in which they are applied; a released one is never changed. */
export const MIGRATIONS = [
  Init1795370000000,
  LargeValues1795380000000,
  WaitsFor1795390000000,
  RoomForUpdates1795391000000,
  Workers1795400000000,
  ApprovalsAndSignals1795410000000,
  Items1795420000000,
  Secrets1795430000000,
  ChildrenAndSlots1795440000000,
  Reruns1795450000000,
  AuditTrail1795460000000,
  Schedules1795470000000,
  Rights1795480000000,
  Alarms1795490000000,
  ApiLogAndVariables1795510000000,
  Queues1795530000000,
  Logins1795540000000,
  Triggers1795550000000,
  ServiceHosts1795560000000,
  UnannouncedSince1795570000000,
] as const;
