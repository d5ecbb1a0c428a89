// What storage is made of, and who may read and write what of it. Tests hold both against the code.

@export()
@description('Of the mirror; analysts read them.')
var mirrorTables = [
  'Trainings'
  'Institutes'
  'Categories'
  'Subjects'
  'Reviews'
  'Certifications'
  'Changes'
]

@export()
@description('All tables; but for those of the mirror the app alone reads them.')
var tables = concat(mirrorTables, [
  'MirrorState'
  'MirrorPages'
  'MirrorCommands'
  'MirrorPasses'
  'MirrorFields'
  'WebhookInbox'
  'WebhookDeliveries'
  'WebhookDeletes'
  'Conversions'
  'Erasures'
  'OperatorLog'
  'TodoBoard'
  'CertificateSubmissions'
  'CertificateOpen'
  'CertificateIndex'
  'CertificateGuards'
  'CertificateState'
  'CertificateKey'
  'CertificateManifests'
  'Quota'
])

@export()
@description('Containers in which the app removes earlier versions too, because they name people: an erasure leaves none.')
var erasedContainers = [
  'certificates'
  'certificates-accepted'
  'certificates-rejected'
  // Events that could not be delivered, and what the host notes of files that it has seen.
  'dead-letters'
  'azure-webjobs-hosts'
]

@export()
@description('All containers.')
var containers = concat(erasedContainers, [
  'certificate-ledger'
  'webhook-bodies'
  'catalogue-records'
  'catalogue-exports'
  // The keys of the host, and the app's package.
  'azure-webjobs-secrets'
  'packages'
])

@export()
@description('Settings that storage is named by: events, roles and rules of this template go by the names above.')
var fixedSettings = ['Springest__Certificates__Container', 'Springest__Storage__Prefix']
