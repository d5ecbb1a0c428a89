// Everything that the app needs in Azure, in a resource group of its own. What follows the deployment of the code is in events.bicep.
targetScope = 'subscription'

import { site, networking } from 'modules/types.bicep'
import { fixedSettings } from 'modules/names.bicep'

@description('Name of the environment; the resource group and the resources are named after it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where the resources are.')
param location string

@description('The Springest sites to work with. Their keys are asked for after the provisioning and kept in the key vault.')
@minLength(1)
param sites site[]

@description('E-mail addresses that alerts go to.')
@minLength(1)
param alertEmails string[]

@description('E-mail addresses of the office: once a day they are told what waits, by kind and number. A mail that there was once goes on without them: docs/deploy.md says how to end it.')
param officeEmails string[] = []

@description('Further settings of the app, by the names in docs/settings.md, where a deployment wants other values than the defaults.')
param settings object = {}

@description('Entra group of the people who drop certificates and read what became of them. A group that was given before keeps its access: docs/deploy.md says how to take it away.')
param officeGroupId string = ''

@description('Entra group of the people who read the mirror in storage. A group that was given before keeps its access, too.')
param analystGroupId string = ''

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('The most instances at a time.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances kept ready for webhooks and readers; 0 costs nothing while nothing happens, but the first request after a pause takes seconds.')
@minValue(0)
@maxValue(10)
param alwaysReadyInstances int = 0

@description('How running instances are replaced on a deployment or a change of settings: Recreate ends them all, RollingUpdate (a preview in Azure) replaces one after another.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('How storage is kept: LRS in one data centre, ZRS in three of the region, GZRS in another region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Days after which accepted certificates and their receipts are removed; 0 keeps them.')
@minValue(0)
param keepAcceptedDays int = 0

@description('Days after which rejected certificates are removed; 0 keeps them.')
@minValue(0)
param keepRejectedDays int = 180

@description('How the app reaches storage and the key vault: over their public endpoints, which only Entra identities open, or by a virtual network.')
param network networking = { kind: 'public' }

@description('What the resource group may cost a month, in the currency of the subscription, before mails are sent; 0 for none. A budget that there was once stays: docs/deploy.md says how to remove it.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the budget. Kept from the first provisioning on, since a budget keeps its start.')
param budgetStart string = ''

@description('Not to be given: the month of the deployment.')
param thisMonth string = utcNow('yyyy-MM-01')

var tags = { 'azd-env-name': environmentName }
var suffix = uniqueString(subscription().id, environmentName, location)
var firstBudgetDay = empty(budgetStart) ? thisMonth : budgetStart
var refusedSettings = filter(fixedSettings, each => contains(settings, each))
// They would be in the parameters, the app's settings and the history of deployments as plain text, and keep the vault's from the app.
var plainKeys = filter(
  concat(
    objectKeys(settings),
    flatten(map(sites, each => map(objectKeys(each.?settings ?? {}), name => 'Springest__Sites__${each.name}__${name}')))
  ),
  each => endsWith(toLower(each), 'apikey')
)

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-springest-${suffix}', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { suffix: suffix, location: location, tags: tags }
}

module privateNetwork 'modules/network.bicep' = if (network.kind == 'private') {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: tags
    addressPrefix: network.?addressPrefix ?? '10.90.0.0/24'
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${suffix}'
    location: location
    tags: tags
    redundancy: storageRedundancy
    keepAcceptedDays: keepAcceptedDays
    keepRejectedDays: keepRejectedDays
    isPrivate: network.kind == 'private'
    openTo: network.?openTo ?? []
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: tags
    isPrivate: network.kind == 'private'
    workspaceId: monitoring.outputs.workspaceId
  }
}

module topic 'modules/topic.bicep' = {
  scope: group
  params: { name: 'evgt-springest-${suffix}', location: location, tags: tags, storageName: storage.outputs.name }
}

module access 'modules/access.bicep' = {
  scope: group
  params: {
    suffix: suffix
    appPrincipalId: identity.outputs.principalId
    topicPrincipalId: topic.outputs.principalId
    officeGroupId: officeGroupId
    analystGroupId: analystGroupId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: tags
    sites: sites
    settings: !empty(refusedSettings)
      ? fail('The settings ${join(refusedSettings, ' and ')} cannot be given: events, roles and rules go by the names that storage has here')
      : !empty(plainKeys)
          ? fail('The settings ${join(plainKeys, ' and ')} cannot be given: keys belong in the key vault, and azd asks for them; with certificationsKey: true a site has a second one')
          : settings
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
    updateStrategy: siteUpdateStrategy
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
    subnetId: network.kind == 'private' ? privateNetwork!.outputs.appSubnetId : null
  }
  // The app reads its package and its keys with these rights from its first moment on.
  dependsOn: [access]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    emails: alertEmails
    officeEmails: officeEmails
    appUrl: app.outputs.url
    workspaceId: monitoring.outputs.workspaceId
    storageName: storage.outputs.name
    topicName: topic.outputs.name
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  params: {
    amount: monthlyBudget
    firstDay: firstBudgetDay
    emails: alertEmails
    actionGroupId: alerts.outputs.actionGroupId
  }
}

// Kept by azd in the environment, where the hooks and later runs find them.
output AZURE_RESOURCE_GROUP string = group.name
output SPRINGEST_APP_NAME string = app.outputs.name
output SPRINGEST_APP_URL string = app.outputs.url
output SPRINGEST_STORAGE_ACCOUNT string = storage.outputs.name
output SPRINGEST_KEY_VAULT string = vault.outputs.name
output SPRINGEST_SECRETS string = join(app.outputs.secrets, ' ')
output SPRINGEST_EVENT_TOPIC string = topic.outputs.name
// Empty as long as there has been no budget: a budget cannot begin in a month that is over.
output SPRINGEST_BUDGET_START string = monthlyBudget > 0 ? firstBudgetDay : budgetStart
