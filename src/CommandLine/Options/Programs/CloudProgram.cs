namespace SaltActors.CommandLine.Options.Programs;

/// <summary>The options of <c>salt-cloud</c>.</summary>
internal static class CloudProgram
{
    internal static CommandProgram Table => new("salt-cloud", "[options] <-m MAP | -p PROFILE> <NAME> [NAME2 ...]", "cloud", "Makes and removes machines at cloud providers.",
        [
            .. SharedOptions.Basic,
            CommandOption.Flag("--hard-crash", "hard_crash", "Let exceptions through instead of a short message."),
            CommandOption.Text("-L --location", "location", "Location of the provider.", group: "Execution Options"),
            CommandOption.Text("-a --action", "action", "Action on an existing machine.", group: "Execution Options"),
            CommandOption.Text("-f --function", "function", "Function of a provider.", group: "Execution Options", metavar: "<FUNC-NAME> <PROVIDER>") with { Values = 2 },
            CommandOption.Text("-p --profile", "profile", "Profile of the new machines.", group: "Execution Options"),
            CommandOption.Text("-m --map", "map", "Map file of machines.", group: "Execution Options"),
            CommandOption.Flag("-H --hard", "hard", "Also destroy machines that the map does not name.", group: "Execution Options"),
            CommandOption.Flag("-d --destroy", "destroy", "Destroy the named machines.", group: "Execution Options"),
            new("--no-deploy", "deploy", "Do not deploy a minion.") { Action = OptionAction.SetFalse, Default = true, Group = "Execution Options" },
            CommandOption.Flag("-P --parallel", "parallel", "Work on the machines at the same time.", group: "Execution Options"),
            CommandOption.Flag("-u --update-bootstrap", "update_bootstrap", "Fetch the newest bootstrap script.", group: "Execution Options"),
            CommandOption.Flag("-y --assume-yes", "assume_yes", "Answer yes to all questions.", group: "Execution Options"),
            CommandOption.Flag("-k --keep-tmp", "keep_tmp", "Keep the files of the deployment.", group: "Execution Options"),
            CommandOption.Flag("--show-deploy-args", "show_deploy_args", "Show the arguments of the deployment.", group: "Execution Options"),
            CommandOption.Text("--script-args", "script_args", "Arguments of the bootstrap script.", group: "Execution Options"),
            CommandOption.Text("-b --bootstrap", "bootstrap", "Deploy a minion on an existing host.", false, group: "Execution Options", metavar: "<HOST> [MINION_ID] [OPTIONS...]"),
            CommandOption.Flag("-Q --query", "query", "List the machines.", group: "Query Options"),
            CommandOption.Flag("-F --full-query", "full_query", "List the machines with all that is known.", group: "Query Options"),
            CommandOption.Flag("-S --select-query", "select_query", "List the machines with the selected fields.", group: "Query Options"),
            CommandOption.Flag("--list-providers", "list_providers", "List the configured providers.", group: "Query Options"),
            CommandOption.Text("--list-profiles", "list_profiles", "List the profiles of a provider.", group: "Query Options"),
            CommandOption.Text("--list-locations", "list_locations", "List the locations of a provider.", group: "Cloud Providers Listings"),
            CommandOption.Text("--list-images", "list_images", "List the images of a provider.", group: "Cloud Providers Listings"),
            CommandOption.Text("--list-sizes", "list_sizes", "List the sizes of a provider.", group: "Cloud Providers Listings"),
            CommandOption.Text("--set-password", "set_password", "Store the password of a user of a provider.", group: "Cloud Credentials", metavar: "<USERNAME> <PROVIDER>") with { Values = 2 },
            .. SharedOptions.Output,
            .. SharedOptions.Logging("log_file"),
        ]);
}
