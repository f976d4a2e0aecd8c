// Reads one JSON request from standard input, hands it to packages by other people, and prints their answer.
// {"templates": […], "datatypes": {…}}  what wikibase-edit would send for each template
// {"entities": […]}                     each entity document as wikibase-sdk simplifies it
// {"quickstatements": "…"}              the templates quickstatements-to-wikibase-edit reads from the lines
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { editEntity } from './node_modules/wikibase-edit/dist/src/lib/entity/edit.js'
import { simplifyEntity } from 'wikibase-sdk'

const convert = createRequire(import.meta.url)('quickstatements-to-wikibase-edit')
const request = JSON.parse(await text(process.stdin))
const instance = 'https://www.wikidata.org'
const answer = {}

if (request.templates) {
  answer.templates = []
  for (const template of request.templates) {
    const { type, ...rest } = template
    const params = 'id' in rest ? rest : { create: true, type, ...rest }
    const withoutMerge = JSON.parse(JSON.stringify(params, (key, value) => key === 'reconciliation' ? undefined : value))
    const sent = await editEntity(withoutMerge, request.datatypes, instance, {})
    answer.templates.push(JSON.parse(sent.data.data))
  }
}
if (request.entities) {
  const options = { keepRanks: true, keepQualifiers: true, keepReferences: true, keepSnaktypes: true, timeConverter: 'none' }
  answer.entities = request.entities.map(entity => simplifyEntity(entity, options))
}
if (request.quickstatements) answer.quickstatements = convert(request.quickstatements)
console.log(JSON.stringify(answer))
