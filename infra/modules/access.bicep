// Who may do what: every role assignment of the deployment. A test holds the list against the roles that are allowed.
param appPrincipalId string
param topicPrincipalId string
param officeGroupId string
param analystGroupId string
param storageName string
param vaultName string
param insightsName string

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' // Storage Blob Data Reader
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
  tableReader: '76199698-9eea-4c19-bc75-cec21354c6b6' // Storage Table Data Reader
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: 'dead-letters'
    }

    resource exports 'containers' existing = {
      name: 'catalogue-exports'
    }

    resource certificates 'containers' existing = [
      for each in ['certificates', 'certificates-accepted', 'certificates-rejected']: {
        name: each
      }
    ]
  }

  resource tables 'tableServices' existing = {
    name: 'default'

    resource mirror 'tables' existing = [for each in mirrorTables: { name: each }]
  }
}

// What analysts read. Not the ledger of certificates, its key, or conversions.
var mirrorTables = ['Trainings', 'Subjects', 'Certifications', 'Institutes', 'Categories', 'Reviews', 'Changes']

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The app: its own data, and what the Functions host keeps beside it: locks and keys in blobs, the events of the drop in a queue.
resource appInStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.blobOwner, roles.queueContributor, roles.tableContributor]: {
    scope: storage
    name: guid(storage.id, appPrincipalId, role)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource appInVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, roles.secretsUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

resource appInInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appPrincipalId, roles.metricsPublisher)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}

// Event Grid: the container for what it could not deliver, nothing else.
resource topicInDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage::blobs::deadLetters
  name: guid(storage::blobs::deadLetters.id, topicPrincipalId, roles.blobContributor)
  properties: {
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
  }
}

// People: the office drops certificates, reads receipts and moves files back; analysts read the mirror.
resource officeInCertificates 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, empty(officeGroupId) ? 0 : 3): {
    scope: storage::blobs::certificates[i]
    name: guid(storage::blobs::certificates[i].id, officeGroupId, roles.blobContributor)
    properties: {
      principalId: officeGroupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    }
  }
]

resource analystsInTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, empty(analystGroupId) ? 0 : length(mirrorTables)): {
    scope: storage::tables::mirror[i]
    name: guid(storage::tables::mirror[i].id, analystGroupId, roles.tableReader)
    properties: {
      principalId: analystGroupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableReader)
    }
  }
]

resource analystsInExports 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(analystGroupId)) {
  scope: storage::blobs::exports
  name: guid(storage::blobs::exports.id, analystGroupId, roles.blobReader)
  properties: {
    principalId: analystGroupId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobReader)
  }
}
