// What differs between deployments. azd fills in the environment's name, subscription and location; the rest is set here or, where it
// says so, by `azd env set NAME VALUE`. No key belongs here: the keys of the sites are asked for when they are missing in the vault.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

// Each site with its name; `host` for a Go site, `certificationsKey: true` where certifications have a key of their own, `settings`
// for what contradicts the defaults. For example:
// { name: 'nl', certificationsKey: true, settings: { CertificatesPath: '/users/certificates' } }
// { name: 'acme', host: 'https://acme.springest.com' }
param sites = [
  { name: 'nl' }
]

// azd env set SPRINGEST_ALERT_EMAILS you@example.org,another@example.org
param alertEmails = map(split(readEnvironmentVariable('SPRINGEST_ALERT_EMAILS'), ','), each => trim(each))

// azd env set SPRINGEST_OFFICE_EMAILS office@example.org
param officeEmails = filter(
  map(split(readEnvironmentVariable('SPRINGEST_OFFICE_EMAILS', ''), ','), each => trim(each)),
  each => !empty(each)
)

// Object ids of Entra groups. azd env set SPRINGEST_OFFICE_GROUP 00000000-...
param officeGroupId = readEnvironmentVariable('SPRINGEST_OFFICE_GROUP', '')
param analystGroupId = readEnvironmentVariable('SPRINGEST_ANALYST_GROUP', '')

// azd env set SPRINGEST_MONTHLY_BUDGET 60
param monthlyBudget = int(readEnvironmentVariable('SPRINGEST_MONTHLY_BUDGET', '0'))

// Set by azd when a budget is first given.
param budgetStart = readEnvironmentVariable('SPRINGEST_BUDGET_START', '')

// The others, each with an example of another value; main.bicep has the defaults and what they mean.
// param settings = { Springest__Mirror__Trainings__FullPassInterval: '12:00:00' }
// param instanceMemory = 512
// param maximumInstances = 100
// param alwaysReadyInstances = 1
// param siteUpdateStrategy = 'RollingUpdate'
// param storageRedundancy = 'Standard_LRS'
// param keepAcceptedDays = 730
// param keepRejectedDays = 90
// param network = { kind: 'private', addressPrefix: '10.90.0.0/24', openTo: ['203.0.113.7'] }
