/** What a browser does between two sites: it keeps their cookies and follows where they send it. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  /** Asks an address and follows where it is sent, while `follow` says so; gives the last answer and where it came from. */
  async go(
    address: string,
    init: RequestInit = {},
    follow: (next: URL) => boolean = () => true,
  ): Promise<{ readonly url: URL; readonly answer: Response; readonly next: URL | undefined }> {
    let url = new URL(address);
    let request = init;
    for (let steps = 0; steps < 20; steps += 1) {
      const answer = await fetch(url, { ...request, redirect: 'manual', headers: { ...request.headers, cookie: this.cookies(url) } });
      this.keep(url, answer);
      const location = answer.headers.get('location');
      const next = location === null ? undefined : new URL(location, url);
      if (next === undefined || !follow(next)) return { url, answer, next };
      url = next;
      request = {};
    }
    throw new Error('sent around in a circle');
  }

  /** A cookie of a site. */
  cookie(origin: string, name: string): string | undefined {
    return this.jars.get(new URL(origin).host)?.get(name);
  }

  private cookies({ host }: URL): string {
    return [...(this.jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep({ host }: URL, answer: Response): void {
    const jar = this.jars.get(host) ?? new Map<string, string>();
    this.jars.set(host, jar);
    for (const text of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const gone = attributes.some((attribute) => /^expires=/i.test(attribute) && Date.parse(attribute.slice(8)) <= Date.now());
      if (gone || value === '') jar.delete(name);
      else jar.set(name, value);
    }
  }
}
