import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who may log in. Names, e-mails and phones are unique without regard to case. */
@Entity({ schema: 'access', name: 'user_account' })
export class UserAccount {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'user_name' })
  userName!: string;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('text', { name: 'display_name', default: '' })
  displayName!: string;

  /** Argon2id: parameters, salt and hash in PHC notation; empty: nobody logs in by a password. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('boolean', { default: false })
  administrator!: boolean;

  @Column('boolean', { default: true })
  enabled!: boolean;

  @Column('text', { default: 'en' })
  locale!: 'en' | 'zh';

  @Column('uuid', { name: 'department_id', nullable: true })
  departmentId!: string | null;
  /** A service account has no password, only tokens. */
  @Column('text', { default: 'person' })
  kind!: 'person' | 'service';

  /** False: registered themselves, and nobody has let them in; they have no rights. */
  @Column('boolean', { default: true })
  approved!: boolean;

  @Column('boolean', { name: 'must_change_password', default: false })
  mustChangePassword!: boolean;

  /** Set by an administrator or told by the OIDC provider: only then does it link a login there to this account. */
  @Column('boolean', { name: 'email_trusted', default: true })
  emailTrusted!: boolean;

  /** Digest of the picture; null: there is none. */
  @Column('text', { nullable: true })
  picture!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
