/** Other names of classes, by class: their prompts are averaged with those of the class's own name. */
export type ClassAliases = Readonly<Record<string, readonly string[]>>;

/** A class's own name, then its aliases, each once. */
export function namesOf(className: string, aliases: ClassAliases): string[] {
  return [...new Set([className, ...(Object.hasOwn(aliases, className) ? aliases[className] : [])])];
}
