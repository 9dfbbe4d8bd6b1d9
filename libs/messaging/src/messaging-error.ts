/** What can go wrong with messages. */
export type MessagingErrorCode =
  /** Nobody answered at the address, or not in time. */
  | 'nats.unreachable'
  /** The server does not know the user, or its password is another. */
  | 'nats.refused'
  /** The stream or consumer is not there: whoever may, makes it again. */
  | 'nats.missing'
  /** The stream has no room: try again later. */
  | 'nats.full'
  /** The subject has as many messages as it may have; on RUNS this says that the message is stored already. */
  | 'nats.subject-full'
  /** No answer in time: the message may be stored or not. */
  | 'nats.timeout'
  /** The message is larger than {@link MAX_MESSAGE_BYTES}. */
  | 'nats.too-large'
  /** Everything else the server refused. */
  | 'nats.failed';

/** A message or a connection that did not come about. */
export class MessagingError extends Error {
  constructor(
    readonly code: MessagingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MessagingError';
  }
}
