// What the checkers of schema.org's vocabulary and of search engines' rules have against pages.
// Usage: node structured_data.mjs NODE_MODULES VOCABULARY < {"name": html, …}; prints [{name, severity, message}, …].
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, vocabulary] = process.argv.slice(2)
const find = createRequire(pathToFileURL(`${modules}/`))
const load = async (name) => {
  const found = await import(pathToFileURL(find.resolve(name)))
  return found.default?.default ?? found.default
}
const Validator = await load('@adobe/structured-data-validator')
const Extractor = await load('@marbec/web-auto-extractor')
const words = JSON.parse(readFileSync(vocabulary, 'utf8'))
const pages = JSON.parse(readFileSync(0, 'utf8'))
const found = []
for (const [name, html] of Object.entries(pages)) {
  const data = new Extractor({ addLocation: true, embedSource: ['rdfa', 'microdata'] }).parse(html)
  for (const issue of await new Validator(words).validate(data)) {
    found.push({ name, severity: issue.severity, message: issue.issueMessage })
  }
}
process.stdout.write(JSON.stringify(found))
