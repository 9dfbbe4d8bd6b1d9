import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Where the PEM files of one side of a connection lie. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
  /** Certificate of the authority that it is from. */
  readonly authorities: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority of a test, good for a day, that keeps its files in a folder; made with `openssl`. */
export class TestAuthority {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Makes one. */
  static make(folder: string, name: string): TestAuthority {
    const authority = new TestAuthority(folder, name);
    authority.openssl('req', '-x509', ...NEW_KEY, '-days', '1', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
    return authority;
  }

  /** A certificate for a host, which is a DNS name or `IP:<address>`; its files are called by `name`. */
  issue(name: string, host: string): CertificateFiles {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${host.startsWith('IP:') ? host : `DNS:${host}`}`];
    this.openssl('req', '-new', ...NEW_KEY, '-keyout', `${name}.key`, ...subject, '-out', `${name}.csr`);
    const signing = ['-CA', `${this.name}.pem`, '-CAkey', `${this.name}.key`, '-CAcreateserial', '-copy_extensions', 'copy', '-days', '1'];
    this.openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
    const file = (of: string) => join(this.folder, of);
    return { certificate: file(`${name}.pem`), key: file(`${name}.key`), authorities: file(`${this.name}.pem`) };
  }

  private openssl(...argv: string[]): void {
    execFileSync('openssl', argv, { cwd: this.folder, stdio: 'pipe' });
  }
}
