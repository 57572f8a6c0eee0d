/** Variables of the environment that name a proxy, and the address each gives; those that are empty are left out. */
export function proxyVariables(environment: NodeJS.ProcessEnv): [name: string, address: string][] {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].flatMap((name) => {
    const address = environment[name];
    return address ? [[name, address] as [string, string]] : [];
  });
}
