import type { PermissionRule } from '@orderlines/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A bearer token of a user; only its SHA-256 is kept. */
@Entity({ schema: 'access', name: 'api_token' })
export class ApiToken {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** `session`: 15 minutes of a session; `login`: made by the command line's login; `api`: made for a machine. */
  @Column('text', { default: 'api' })
  kind!: 'session' | 'login' | 'api';

  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** What may be done with it at most; null: whatever its owner may. */
  @Column('jsonb', { nullable: true })
  rules!: PermissionRule[] | null;

  @Column('text')
  name!: string;

  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
