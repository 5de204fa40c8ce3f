public import RPC

/// The methods of `parapet.account.v1.AccountService`.
public enum AccountMethods {
    /// Full name of the service.
    public static let service = "parapet.account.v1.AccountService"

    public static let createAccount = Method<CreateAccountRequest, CreateAccountResponse>(
        service: service, name: "CreateAccount")
    public static let getRoleTemplate = Method<GetRoleTemplateRequest, GetRoleTemplateResponse>(
        service: service, name: "GetRoleTemplate", isReadOnly: true)
    public static let updateAccount = Method<UpdateAccountRequest, UpdateAccountResponse>(
        service: service, name: "UpdateAccount")
    public static let listRegions = Method<ListRegionsRequest, ListRegionsResponse>(
        service: service, name: "ListRegions", isReadOnly: true)
    public static let testConnection = Method<TestConnectionRequest, TestConnectionResponse>(
        service: service, name: "TestConnection")
    public static let connectAccount = Method<ConnectAccountRequest, ConnectAccountResponse>(
        service: service, name: "ConnectAccount")
    public static let getAccount = Method<GetAccountRequest, GetAccountResponse>(
        service: service, name: "GetAccount", isReadOnly: true)
    public static let listAccounts = Method<ListAccountsRequest, ListAccountsResponse>(
        service: service, name: "ListAccounts", isReadOnly: true)
    public static let watchAccount = Method<WatchAccountRequest, WatchAccountResponse>(
        service: service, name: "WatchAccount", isReadOnly: true)
    public static let enableAccount = Method<EnableAccountRequest, EnableAccountResponse>(
        service: service, name: "EnableAccount")
    public static let disableAccount = Method<DisableAccountRequest, DisableAccountResponse>(
        service: service, name: "DisableAccount")
    public static let deleteAccount = Method<DeleteAccountRequest, DeleteAccountResponse>(
        service: service, name: "DeleteAccount")
    public static let getConnection = Method<GetConnectionRequest, GetConnectionResponse>(
        service: service, name: "GetConnection", isReadOnly: true)
    public static let checkToken = Method<CheckTokenRequest, CheckTokenResponse>(
        service: service, name: "CheckToken", isReadOnly: true)
}
