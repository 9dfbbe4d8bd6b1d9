import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A service that is up, or was until lately. */
@Entity({ schema: 'system', name: 'service_node' })
export class ServiceNodeRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  role!: string;

  /** Name of the machine or container it runs on. */
  @Column('text', { default: '' })
  host!: string;

  /** host:port of its gRPC door, when it has one. */
  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text')
  version!: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt!: Date;

  /** An executor: time of the oldest fact that NATS did not take; null: it has taken all. */
  @Column('timestamptz', { name: 'unannounced_since', nullable: true })
  unannouncedSince!: Date | null;
}
