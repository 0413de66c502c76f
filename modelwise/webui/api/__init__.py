"""The REST interface `/modelwise/v1/`: typed requests and answers, the same in every host."""
